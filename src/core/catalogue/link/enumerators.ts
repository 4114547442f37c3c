import type { HeaderFacts } from '../c/header';
import type { Evidence } from './evidence';

/**
 * bindgen names an enumerator after its enum: `phy_state_PHY_DOWN` is what C calls `PHY_DOWN`. Puts what is known of such a
 * binding under the name that C code uses.
 */
export function renameEnumerators(evidence: Evidence, headers: readonly HeaderFacts[]): void {
  const types = new Set(headers.flatMap((header) => header.types));
  const constants = new Set(headers.flatMap((header) => header.constants));
  for (const [name, candidates] of [...evidence]) {
    if (constants.has(name)) continue;
    for (let cut = name.indexOf('_'); cut > 0; cut = name.indexOf('_', cut + 1)) {
      const rest = name.slice(cut + 1);
      if (!/^[A-Z]/.test(rest) || !types.has(name.slice(0, cut)) || !constants.has(rest)) continue;
      evidence.delete(name);
      if (!evidence.has(rest)) evidence.set(rest, candidates);
      break;
    }
  }
}

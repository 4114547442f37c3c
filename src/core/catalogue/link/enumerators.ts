import type { HeaderIndex } from '../c/header-index';
import type { Evidence } from './evidence';

/**
 * bindgen names an enumerator after its enum: `phy_state_PHY_DOWN` is what C calls `PHY_DOWN`. Puts what is known of such a
 * binding under the name that C code uses.
 */
export function renameEnumerators(evidence: Evidence, { types, constants }: HeaderIndex): void {
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

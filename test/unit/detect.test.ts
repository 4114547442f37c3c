import { assert } from 'chai';
import { compareVersions, kernelEvidence, nearestSnapshot, versionOfMakefile } from '../../src/core';

describe('kernel C is told from other C', () => {
  it('by its includes', () => {
    assert.equal(kernelEvidence('#include <linux/module.h>\n#include "x.h"\n'), 'kernel');
    assert.equal(kernelEvidence('  #  include <drm/drm_drv.h>\n'), 'kernel');
  });
  it('a program that uses the kernel’s user-space headers is no kernel code', () => {
    assert.equal(kernelEvidence('#include <linux/input.h>\n#include <stdio.h>\n'), 'user-space');
    assert.equal(kernelEvidence('#include <sys/ioctl.h>\n#include <linux/usb.h>\n'), 'user-space');
  });
  it('nothing included says nothing', () => {
    assert.equal(kernelEvidence('int x;\n'), 'unknown');
    assert.equal(kernelEvidence('// #include <linux/module.h>\n#include "a.h"\n'), 'unknown');
  });
});

describe('kernel versions', () => {
  it('are read from a Makefile', () => {
    assert.equal(versionOfMakefile('# SPDX\nVERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n'), '7.3.4');
    assert.equal(versionOfMakefile('VERSION = 6\nPATCHLEVEL = 12\nEXTRAVERSION = -rc1\n'), '6.12.0');
  });
  it('U-Boot’s, in years, is none of a kernel', () => {
    assert.isUndefined(versionOfMakefile('VERSION = 2026\nPATCHLEVEL = 07\nSUBLEVEL =\n'));
    assert.isUndefined(versionOfMakefile('all:\n\tcc x.c\n'));
  });
  it('compare by number, not by letter', () => {
    assert.isBelow(compareVersions('6.2', '6.12'), 0);
    assert.equal(compareVersions('7.3', '7.3.0'), 0);
    assert.isAbove(compareVersions('7.3.4', '7.3'), 0);
  });
  it('get the snapshot of their release, else the nearest that is not newer, else the oldest', () => {
    const shipped = ['6.1.100', '6.12.30', '7.2.1', '7.3.4'];
    assert.equal(nearestSnapshot(shipped), '7.3.4');
    assert.equal(nearestSnapshot(shipped, '7.3.1'), '7.3.4');
    assert.equal(nearestSnapshot(shipped, '6.18.2'), '6.12.30');
    assert.equal(nearestSnapshot(shipped, '5.10.0'), '6.1.100');
    assert.equal(nearestSnapshot(shipped, '8.0.0'), '7.3.4');
  });
});

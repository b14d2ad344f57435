#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/hdf5/: what other programs may put into an HDF5 file.

    apt install python3-h5py
    tools/make_hdf5_fixtures.py
"""
from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/hdf5"
RAMP = np.arange(24, dtype="f4").reshape(2, 3, 4)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with h5py.File(FOLDER / "foreign.h5", "w") as out:
        out["plain"] = RAMP
        out["half"] = RAMP.astype("f2")
        out["big_endian"] = RAMP.astype(">f4")
        out["big_endian_half"] = RAMP.astype(">f2")
        out["big_endian_int"] = RAMP.astype(">i2")
        out["complex"] = RAMP[0] + 1j * RAMP[1].astype("c8")
        out["bool"] = np.array([True, False, True])
        out["enumeration"] = np.zeros(2, h5py.enum_dtype({"a": 0, "b": 1, "c": 2}, basetype="i1"))
        out["scalar"] = np.float64(2.5)
        out["none"] = np.zeros((0, 3), "i4")
        out["null"] = h5py.Empty("f4")
        out["pairs"] = np.zeros(2, [("a", "i4"), ("b", "f8")])
        h5py.h5d.create(out.id, b"padded", padded(), h5py.h5s.create_simple((2,)))
        out["texts"] = ["one", "zwei", "", "τρία"]
        out["fixed_texts"] = np.array([b"ab", b"c"], "S4")
        out.create_dataset("chunked", data=RAMP, chunks=(1, 2, 3))
        out.create_dataset("compressed", data=RAMP, chunks=(2, 3, 4), compression="gzip", shuffle=True, fletcher32=True)
        out.create_dataset("never_written", shape=(4,), dtype="f4", fillvalue=7)
        out.create_dataset("external", shape=(4,), dtype="u1", external=[("/etc/passwd", 0, 4)])
        out.create_virtual_dataset("virtual", virtual(), fillvalue=0)
        group = out.create_group("group")
        group["inner"] = RAMP[0]
        group["circle"] = group
        group["same"] = out["plain"]
        out["soft"] = h5py.SoftLink("/plain")
        out["elsewhere"] = h5py.ExternalLink("/etc/hostname", "/")
        attributes = {"int": 7, "real": 0.5, "text": "τ", "ints": [1, 2], "reals": [0.5, 1.5], "texts": ["a", "b"],
                      "nan": np.nan, "empty": h5py.Empty("f4"), "complex": 1j}
        for name, value in attributes.items():
            group.attrs[name] = value
    with h5py.File(FOLDER / "lzf.h5", "w") as out:  # a filter that h5py brings along and libhdf5 does not have
        square = np.arange(16, dtype="f4").reshape(4, 4)
        out.create_dataset("w", data=square, compression="lzf")
        out.create_dataset("transposed", data=square.T, compression="gzip")
        out.create_dataset("names", data=["a", "bb"], dtype=h5py.string_dtype(), chunks=(2,), compression="lzf")
    with h5py.File(FOLDER / "bomb.h5", "w") as out:
        out.create_dataset("bomb", shape=(1 << 40,), dtype="f4", chunks=(1 << 20,))


def padded():
    """Integers of 24 bits in the middle of 4 bytes."""
    kind = h5py.h5t.STD_I32LE.copy()
    kind.set_precision(24)
    kind.set_offset(4)
    return kind


def virtual():
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", shape=(4,))
    return layout


if __name__ == "__main__":
    main()

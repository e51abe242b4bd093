"""Check bits from three independent libraries, which need not be installed for the tests.

    pip install anycrc==2.1.0 fastcrc==0.5.0 py3gpp==0.6.0
    python make_vectors.py

writes ``vectors.json`` beside this file, the same bytes every time. The register begins with zeros, and nothing is
reflected or inverted: fastcrc has this for some of its names only.

Polynomials are those of the libraries' own catalogues: anycrc has that of reveng, py3gpp those of TS 38.212.
"""

import json
from pathlib import Path
from typing import Any

import anycrc
import numpy as np
from fastcrc import crc8, crc16, crc64
from py3gpp.nrCRCEncode import nrCRCEncode

#: Our name: anycrc's, of which the polynomial is taken.
CATALOGUE = {
    "24a": "CRC24-LTE-A",
    "24b": "CRC24-LTE-B",
    "16-ccitt": "CRC16-XMODEM",
    "8-lte": "CRC8-LTE",
    "12-umts": "CRC12-UMTS",
    "8-dvb-s2": "CRC8-DVB-S2",
    "32-ieee": "CRC32-ISO-HDLC",
    "32-dvb": "CRC32-MPEG-2",
    "32c": "CRC32-ISCSI",
    "8-atm": "CRC8-I-432-1",
    "4-g704": "CRC4-G-704",
    "6-g704": "CRC6-G-704",
    "15-can": "CRC15-CAN",
    "17-can": "CRC17-CAN-FD",
    "21-can": "CRC21-CAN-FD",
    "5-usb": "CRC5-USB",
    "16-usb": "CRC16-USB",
    "24-bluetooth": "CRC24-BLE",
    "64-ecma": "CRC64-ECMA-182",
}
PLAIN = {
    "16-ccitt": crc16.xmodem,
    "16-usb": crc16.umts,
    "8-lte": crc8.lte,
    "8-dvb-s2": crc8.dvb_s2,
    "8-atm": crc8.smbus,
    "64-ecma": crc64.ecma_182,
}
STANDARD = {"24a": "24A", "24b": "24B", "24c": "24C", "16-nr": "16", "11-nr": "11", "6-nr": "6"}
MESSAGES = [bytes([0x80]), b"123456789", bytes(range(64)), np.random.default_rng(1).bytes(200)]


def bits_of(message: bytes) -> Any:
    return np.unpackbits(np.frombuffer(message, np.uint8))


def main() -> None:
    found: list[dict[str, Any]] = []
    for name, theirs in CATALOGUE.items():
        model = anycrc.models[theirs]
        plain = anycrc.CRC(model.width, model.poly, 0, False, False, 0)
        checks = [plain.calc(message) for message in MESSAGES]
        found.append({"name": name, "library": "anycrc", "bits": model.width, "checks": checks})
    for name, function in PLAIN.items():
        checks = [function(message) for message in MESSAGES]
        found.append(
            {"name": name, "library": "fastcrc", "bits": int(name.partition("-")[0]), "checks": checks}
        )
    for name, theirs in STANDARD.items():
        bits = int("".join(filter(str.isdigit, theirs)))
        coded = [nrCRCEncode(bits_of(message).astype(int), theirs) for message in MESSAGES]
        checks = [int("".join(str(int(bit)) for bit in np.ravel(word)[-bits:]), 2) for word in coded]
        found.append({"name": name, "library": "py3gpp", "bits": bits, "checks": checks})
    text = ",\n".join(json.dumps(each) for each in found)
    messages = json.dumps([message.hex() for message in MESSAGES])
    Path(__file__).with_name("vectors.json").write_text(
        f'{{"messages": {messages},\n"checks": [\n{text}\n]}}\n'
    )


if __name__ == "__main__":
    main()

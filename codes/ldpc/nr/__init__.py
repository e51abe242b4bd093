"""The LDPC codes of 5G NR: 3GPP TS 38.212."""

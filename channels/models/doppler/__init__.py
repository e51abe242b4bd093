"""Gains that change from sample to sample as Doppler's spectrum says."""

"""Channels of bits with memory: errors and erasures in bursts."""

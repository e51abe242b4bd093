"""What is known of an LDPC code without simulating it: cycles, trapping sets, words of low weight."""

"""Which positions of a polar code hold information: orders of reliability, and what they follow from."""

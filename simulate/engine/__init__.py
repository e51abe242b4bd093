"""Which frames are next, on which workers."""

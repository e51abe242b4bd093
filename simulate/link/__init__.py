"""One frame's way: source, encoder, channel, decoder, count."""

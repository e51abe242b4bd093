"""Iterative decoders of parallel and serial concatenations."""

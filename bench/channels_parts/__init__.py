"""Parts of the benchmark of channels."""

"""What a skill's author writes against, its binding to the manifest, and the built-in fulfilment kinds."""

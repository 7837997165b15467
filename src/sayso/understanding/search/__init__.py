"""What of a merchant is near to words: by their letters, by their meaning, fused."""

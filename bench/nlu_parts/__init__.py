"""What the understanding bench is made of."""

"""What the coffee bench is made of."""

"""What is known without simulating: bounds of given codes, EXIT charts, limits."""

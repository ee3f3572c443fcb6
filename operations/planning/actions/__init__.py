"""What happens to operations."""

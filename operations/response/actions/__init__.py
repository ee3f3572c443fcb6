"""What is done in a response: one module for each of tasks, handovers, procedures, desks and calls for assistance."""

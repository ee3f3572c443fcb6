"""What hands a message over: mail, signed webhook, HTTP gateway. Each says what came of it, and raises nothing."""

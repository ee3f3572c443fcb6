"""What is done about alarms, timers and legal bases that fall away."""

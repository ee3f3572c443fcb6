"""What the causes of sharing and of the register bring about: who is concerned now, and one alert for each."""

"""What is shared by both front ends and knows neither: background jobs."""

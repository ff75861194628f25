"""What is true about the course series: the idea bank, the plans, the summaries. Knows nothing of the web."""

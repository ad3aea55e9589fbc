"""Demo data (演示数据): invented companies and people on Guangdong's real divisions, the same at every load."""

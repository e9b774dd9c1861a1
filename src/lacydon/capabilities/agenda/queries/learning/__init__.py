"""What is learnt: what evaluations ask and what became of it, what communes tried, who resembles whom."""

"""What those who decide, those who lead and communes look at: one screen each, each figure with its evidence."""

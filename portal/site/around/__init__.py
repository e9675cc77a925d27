"""What stands around the answers: choosing a place, entrusted bodies, questions, explanations, the site's own map."""

"""Reports that are assembled: from facts to pieces, to a draft, and what a later change of a source means."""

"""Lists as Excel workbooks: out with drop-downs and notes, in with every fault named by its cell."""

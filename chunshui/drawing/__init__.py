"""How things are drawn, on a page and on paper alike: colours, marks, places of labels."""

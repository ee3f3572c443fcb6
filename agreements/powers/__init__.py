"""Powers: what officers of one state may do in another, by article, as dated facts."""

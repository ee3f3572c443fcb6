"""Pages of joint reports: the text and its sides, signing, and the sealed copies."""

"""How alerts reach officers and their agencies outside the portal: channels, rules, quiet hours, digests."""

"""What joint reports and minutes do alike: a text is put to several agencies, each says its word of it, and when all
have, each owns a sealed copy. A package of plain code and abstract models; tables, pages and addresses are the rooms'.
"""

"""The live stream: it tells an open page that something changed, and never what (R17, R18). The page asks again."""

"""What a file that somebody hands in holds: which kind it is of, how many pages it has, what speaks against keeping it.

`examination` asks a process of its own (`isolated`), since even the reading of a stranger's file may be an attack. Only
`examination` knows Django.
"""

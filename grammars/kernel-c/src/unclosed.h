// Half-typed code: parentheses that don't close.
#pragma once
#include "groups.h"
#include "scan.h"

// A token that no rule has: text that can only be an error, in one piece. mark_end() was called at its end.
static bool produce_unclosed(Scan *scan) {
  scan->lexer->result_symbol = UNCLOSED;
  return true;
}

// Inside of the first line of a group in parentheses: reads on to the line's end, or to a `{`, `}` or `;` before it. The number of
// parentheses that are open there; 0 if the group ends on its line.
static int skip_line_of_parentheses(TSLexer *lexer) {
  for (int depth = 0;;) {
    switch (peek(lexer)) {
      case '(':
      case '[':
        depth++;
        advance(lexer);
        break;
      case ')':
      case ']':
        advance(lexer);
        if (--depth == 0) return 0;
        break;
      case '"':
      case '\'':
        skip_quoted(lexer);
        break;
      case '/':
        skip_comment(lexer);
        break;
      case '\n':
      case '\\':
      case '{':
      case '}':
      case ';':
        return depth;
      default:
        if (at_end(lexer)) return depth;
        advance(lexer);
    }
  }
}

// At `(` or `[`. What follows one that doesn't close, up to the end of the file, would be taken for its content. So it and the rest of its
// line become an error, and the parser goes on after them with the state of before.
static bool scan_parenthesis(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  int open = skip_line_of_parentheses(lexer);
  if (open == 0) return false;
  lexer->mark_end(lexer);
  int32_t first;
  return !skip_to_closing_parenthesis(lexer, open, &first) && produce_unclosed(scan);
}

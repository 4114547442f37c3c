// Half-typed code: parentheses that don't close, and definitions that have begun before the last one has ended.
#pragma once
#include "groups.h"
#include "scan.h"
#include "words.h"

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

// Whether nothing is known yet of a `(` or `[`. Directly among arguments the group around it has been seen to close, and the first name of a
// statement was looked at together with its arguments.
static bool may_be_unclosed(const bool *valid) {
  if (valid[ERROR_RECOVERY]) return true;
  return !valid[QUOTE_CONTEXT] && !valid[TYPE_STAR] && !valid[ANNOTATION_AFTER_TYPE];
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

// Of the places where a definition may be noticed only a list of initializers expects an expression.
static bool in_initializer(const Scan *scan) { return scan->valid[STRING_MACRO]; }

// After a name at the left margin, in an initializer: `type name(`, `type *name =`. A list goes on otherwise, and `a * b` multiplies.
static bool declares_something(TSLexer *lexer) {
  Word declared = {0};
  while (is_blank(peek(lexer)) || peek(lexer) == '*' || starts_word(peek(lexer))) {
    if (starts_word(peek(lexer))) {
      read_word(lexer, &declared);
      continue;
    }
    bool star = peek(lexer) == '*';
    advance(lexer);
    if (star && is_blank(peek(lexer))) return false;
  }
  int32_t c = peek(lexer);
  return declared.has_lower && (c == '(' || c == '[' || c == '=' || c == ';');
}

// At a word at the left margin, where a list or a definition would go on: is it the start of the next definition? Only words that can't be
// there otherwise are.
static bool begins_definition(const Scan *scan, const Word *word) {
  if (equals(word, "static") || equals(word, "extern") || equals(word, "typedef")) return true;
  return in_initializer(scan) && (IS_ONE_OF(word, TYPE_KEYWORDS) || equals(word, "const") || is_plain_annotation(word));
}

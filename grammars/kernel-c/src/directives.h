// Directives. The scanner's state is about them: the open #if groups, so that #else and #endif know whose they are.
#pragma once
#include "groups.h"
#include "scan.h"

// An #if is announced by a token of no width (DIRECTIVE_AHEAD), and what the look-ahead decided is kept for the next scan, which
// makes the token itself: the decision needs to know the context, the tokens are extras and may stand anywhere.
typedef enum {
  NOTHING_DECIDED,
  GROUP_IS_STRUCTURED,   // a preproc_if or preproc_ifdef with its alternatives
  GROUP_IS_UNSTRUCTURED, // its first branch is parsed as if the lines weren't there; the others are skipped
  GROUP_IS_DISABLED,     // `#if 0`: the first branch is skipped
} Decision;

#define DEEPEST_GROUP 64 // groups deeper than that are unstructured

typedef struct {
  uint8_t depth;
  uint8_t decision;
  uint64_t unstructured; // bit n: the n-th open group, counted from the outermost
} Scanner;

static void open_group(Scanner *scanner, bool structured) {
  if (scanner->depth < DEEPEST_GROUP) {
    uint64_t bit = (uint64_t)1 << scanner->depth;
    if (structured) scanner->unstructured &= ~bit;
    else scanner->unstructured |= bit;
  }
  if (scanner->depth < UINT8_MAX) scanner->depth++;
}

static void close_group(Scanner *scanner) {
  if (scanner->depth == 0) return;
  scanner->depth--;
  if (scanner->depth < DEEPEST_GROUP) scanner->unstructured &= ~((uint64_t)1 << scanner->depth);
}

static bool innermost_group_is_structured(const Scanner *scanner) {
  if (scanner->depth == 0 || scanner->depth > DEEPEST_GROUP) return false;
  return !((scanner->unstructured >> (scanner->depth - 1)) & 1);
}

// ---- directives

// `#if 0`, with nothing but a comment behind it. The name of the directive was just read.
static bool is_disabled_if(TSLexer *lexer, const Word *name) {
  if (!equals(name, "if")) return false;
  while (is_blank(peek(lexer))) advance(lexer);
  if (peek(lexer) != '0') return false;
  advance(lexer);
  while (is_blank(peek(lexer))) advance(lexer);
  return peek(lexer) == '\n' || peek(lexer) == '\r' || peek(lexer) == '/';
}

// After the name of an #if: decides what becomes of the group.
static Decision decide_group(Scan *scan, const Scanner *scanner, const Word *name) {
  const bool *valid = scan->valid;
  if (is_disabled_if(scan->lexer, name)) return GROUP_IS_DISABLED;
  if (valid[ERROR_RECOVERY] || scanner->depth >= DEEPEST_GROUP) return GROUP_IS_UNSTRUCTURED;
  GroupPlace place;
  if (valid[ITEM_CONTEXT]) place = GROUP_OF_BLOCK_ITEMS;
  else if (valid[FIELD_CONTEXT]) place = GROUP_OF_FIELDS;
  else if (valid[ENUMERATOR_CONTEXT]) place = GROUP_OF_ENUMERATORS;
  else return GROUP_IS_UNSTRUCTURED;
  bool may_be_guard = scanner->depth == 0 && equals(name, "ifndef");
  return group_has_whole_items(scan->lexer, may_be_guard, place, scan->indent > 0) ? GROUP_IS_STRUCTURED : GROUP_IS_UNSTRUCTURED;
}

// At an #if on which decide_group() has decided.
static bool scan_decided_if(Scan *scan, Scanner *scanner) {
  TSLexer *lexer = scan->lexer;
  Decision decision = scanner->decision;
  Word name;
  scanner->decision = NOTHING_DECIDED;
  read_directive(lexer, &name);
  open_group(scanner, decision == GROUP_IS_STRUCTURED);
  if (decision == GROUP_IS_STRUCTURED) {
    lexer->mark_end(lexer);
    return produce(scan, equals(&name, "if") ? IF_DIRECTIVE : equals(&name, "ifdef") ? IFDEF_DIRECTIVE : IFNDEF_DIRECTIVE);
  }
  skip_rest_of_line(lexer);
  if (decision == GROUP_IS_UNSTRUCTURED) {
    lexer->mark_end(lexer);
    return produce(scan, PREPROC_LINE);
  }
  // up to before the #endif, or with the line of an #else, after which the code counts
  if (skip_group(lexer, STOP_AT_ALTERNATIVE, END_TOKEN_BEFORE_DIRECTIVE) == DIRECTIVE_ELSE) {
    skip_rest_of_line(lexer);
    lexer->mark_end(lexer);
  }
  return produce(scan, PREPROC_INACTIVE);
}

static bool scan_else(Scan *scan, Scanner *scanner, const Word *name) {
  TSLexer *lexer = scan->lexer;
  if (innermost_group_is_structured(scanner)) {
    lexer->mark_end(lexer);
    if (equals(name, "else")) return produce(scan, ELSE_DIRECTIVE);
    if (equals(name, "elif")) return produce(scan, ELIF_DIRECTIVE);
    return produce(scan, equals(name, "elifdef") ? ELIFDEF_DIRECTIVE : ELIFNDEF_DIRECTIVE);
  }
  skip_rest_of_line(lexer);
  skip_group(lexer, STOP_AT_ENDIF, END_TOKEN_BEFORE_DIRECTIVE);
  return produce(scan, PREPROC_INACTIVE);
}

static bool scan_endif(Scan *scan, Scanner *scanner) {
  TSLexer *lexer = scan->lexer;
  bool structured = innermost_group_is_structured(scanner);
  close_group(scanner);
  if (!structured) {
    skip_rest_of_line(lexer);
    lexer->mark_end(lexer);
    return produce(scan, PREPROC_LINE);
  }
  lexer->mark_end(lexer);
  while (is_blank(peek(lexer))) advance(lexer);
  if (continues_word(peek(lexer)) || peek(lexer) == '!' || peek(lexer) == '(') { // `#endif CONFIG_FOO`, as old code has it
    while (!at_end(lexer) && peek(lexer) != '\n' && peek(lexer) != '/') advance(lexer);
    lexer->mark_end(lexer);
  }
  return produce(scan, ENDIF_DIRECTIVE);
}

// At a '#' that is the first character of its line.
static bool scan_directive(Scan *scan, Scanner *scanner) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  if (scanner->decision != NOTHING_DECIDED) return scan_decided_if(scan, scanner);
  Word name;
  lexer->mark_end(lexer);
  switch (read_directive(lexer, &name)) {
    case DIRECTIVE_IF:
      if (!valid[DIRECTIVE_AHEAD]) return false;
      scanner->decision = (uint8_t)decide_group(scan, scanner, &name);
      return produce(scan, DIRECTIVE_AHEAD);
    case DIRECTIVE_ELSE:
      return scan_else(scan, scanner, &name);
    case DIRECTIVE_ENDIF:
      return scan_endif(scan, scanner);
    case DIRECTIVE_OTHER:
      break;
  }
  // Where items may stand, #define, #include and the like are nodes with parts; anywhere else they are a line.
  bool has_rule = valid[ITEM_CONTEXT] || valid[FIELD_CONTEXT];
  if (has_rule && !valid[ERROR_RECOVERY]) return false;
  skip_rest_of_line(lexer);
  lexer->mark_end(lexer);
  return produce(scan, PREPROC_LINE);
}

// The body of a #define: the rest of its lines without the comments and space at both ends.
static bool scan_define_body(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  bool has_text = false;
  while (!at_end(lexer) && peek(lexer) != '\n') {
    int32_t c = peek(lexer);
    if (c == '/') {
      if (skip_comment(lexer)) {
        if (!has_text && (peek(lexer) == '\n' || at_end(lexer))) return false;
        continue;
      }
    } else if (c == '\\') {
      advance(lexer);
      if (skip_continued_newline(lexer)) continue;
    } else if (c == '"') {
      skip_quoted(lexer);
    } else {
      advance(lexer);
      if (is_space(c)) continue;
    }
    has_text = true;
    lexer->mark_end(lexer);
  }
  return has_text && produce(scan, DEFINE_BODY);
}

// Inside a directive, whose end is the end of its line.
static bool scan_end_of_directive(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  bool skipped = false;
  for (;;) {
    int32_t c = peek(lexer);
    if (is_blank(c) || c == '\r' || c == '\f') {
      skip_as_space(lexer);
    } else if (c == '\\') {
      skip_as_space(lexer);
      if (peek(lexer) == '\r') skip_as_space(lexer);
      if (peek(lexer) != '\n') return false;
      skip_as_space(lexer);
    } else {
      break;
    }
    skipped = true;
  }
  if (valid[DEFINE_PARENTHESIS] && peek(lexer) == '(' && !skipped) { // parameters only if there is no space before
    advance(lexer);
    lexer->mark_end(lexer);
    return produce(scan, DEFINE_PARENTHESIS);
  }
  bool line_ends = peek(lexer) == '\n' || at_end(lexer);
  if (valid[DEFINE_BODY] && !line_ends) return scan_define_body(scan);
  if (valid[DIRECTIVE_END_WITH_REST] && !line_ends) { // `#ifdef CONFIG_FOO garbage`
    while (!at_end(lexer) && peek(lexer) != '\n' && peek(lexer) != '/') advance(lexer);
    if (peek(lexer) == '/') return false; // a comment first
    line_ends = true;
  }
  if (!line_ends) return false;
  // The newline itself is left to the next token, which thereby knows that it is the first on its line.
  lexer->mark_end(lexer);
  return produce(scan, valid[DIRECTIVE_END] ? DIRECTIVE_END : DIRECTIVE_END_WITH_REST);
}

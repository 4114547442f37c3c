// Preprocessor directives as text: their kind, and the extent and content of an #if … #endif group.
#pragma once
#include "text.h"

typedef enum {
  DIRECTIVE_IF,    // #if #ifdef #ifndef
  DIRECTIVE_ELSE,  // #else #elif #elifdef #elifndef
  DIRECTIVE_ENDIF,
  DIRECTIVE_OTHER, // #define, #include, …
} Directive;

// At '#': reads it and the directive's name.
static Directive read_directive(TSLexer *lexer, Word *name) {
  advance(lexer);
  while (is_blank(peek(lexer))) advance(lexer);
  read_word(lexer, name);
  if (equals(name, "if") || equals(name, "ifdef") || equals(name, "ifndef")) return DIRECTIVE_IF;
  if (equals(name, "else") || begins_with(name, "elif")) return DIRECTIVE_ELSE;
  if (equals(name, "endif")) return DIRECTIVE_ENDIF;
  return DIRECTIVE_OTHER;
}

typedef enum { STOP_AT_ENDIF, STOP_AT_ALTERNATIVE } GroupStop;
typedef enum { KEEP_TOKEN_END, END_TOKEN_BEFORE_DIRECTIVE } GroupMark;

// Skips lines up to the #endif that closes the current group (or, when asked for, an #else/#elif of it) and reads the name of that
// directive. Returns DIRECTIVE_OTHER at the end of the file.
static Directive skip_group(TSLexer *lexer, GroupStop stop, GroupMark mark) {
  int nesting = 0;
  Word name;
  if (peek(lexer) != '\n' && peek(lexer) != '#') skip_rest_of_line(lexer);
  for (;;) {
    if (mark == END_TOKEN_BEFORE_DIRECTIVE) lexer->mark_end(lexer);
    if (at_end(lexer)) return DIRECTIVE_OTHER;
    while (is_space(peek(lexer))) advance(lexer);
    if (peek(lexer) == '#') {
      Directive directive = read_directive(lexer, &name);
      if (directive == DIRECTIVE_IF) nesting++;
      else if (directive == DIRECTIVE_ENDIF && nesting-- == 0) return DIRECTIVE_ENDIF;
      else if (directive == DIRECTIVE_ELSE && nesting == 0 && stop == STOP_AT_ALTERNATIVE) return DIRECTIVE_ELSE;
      skip_rest_of_line(lexer);
      continue;
    }
    while (!at_end(lexer) && peek(lexer) != '\n') { // a line of code; a comment may hide a directive
      if (peek(lexer) == '/') skip_comment(lexer);
      else if (peek(lexer) == '"') skip_quoted(lexer);
      else advance(lexer);
    }
  }
}

// At a '#' that stands where code is looked at: skips the directive's line, and the alternatives of a group of which the first
// branch was just read, so that of several branches one is seen.
static bool skip_directive_and_alternatives(TSLexer *lexer) {
  Word name;
  Directive directive = read_directive(lexer, &name);
  skip_rest_of_line(lexer);
  if (directive != DIRECTIVE_ELSE) return true;
  if (skip_group(lexer, STOP_AT_ENDIF, KEEP_TOKEN_END) == DIRECTIVE_OTHER) return false;
  skip_rest_of_line(lexer);
  return true;
}

// Give up on parentheses that are still open after so many characters: an unclosed one must not make every scan read the whole file.
#define LONGEST_ARGUMENTS 200000

// Inside of as many open `parentheses`: skips the rest of the group. False if it doesn't close in the block that it is in.
// `first` is the first character inside that isn't space.
static bool skip_to_closing_parenthesis(TSLexer *lexer, int parentheses, int32_t *first) {
  int braces = 0;
  bool line_start = false;
  *first = 0;
  for (int read = 0; read < LONGEST_ARGUMENTS && !at_end(lexer); read++) {
    int32_t c = peek(lexer);
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
        advance(lexer);
        continue;
      case '\n':
        line_start = true;
        advance(lexer);
        if (peek(lexer) == '{' && braces == 0) return false; // the next function's body
        continue;
      case '/':
        skip_comment(lexer);
        continue;
      case '#':
        if (line_start) skip_directive_and_alternatives(lexer);
        else advance(lexer);
        continue;
      case '(':
      case '[':
        if (++parentheses == 2 && !*first) *first = c;
        advance(lexer);
        break;
      case ')':
      case ']':
        if (!*first) *first = c;
        advance(lexer);
        if (--parentheses == 0) return braces == 0;
        break;
      case '{':
        braces++;
        advance(lexer);
        break;
      case '}':
        if (--braces < 0) return false;
        advance(lexer);
        break;
      case '"':
      case '\'':
        if (!*first) *first = c;
        skip_quoted(lexer);
        break;
      default:
        if (!*first) *first = c;
        advance(lexer);
        skip_word(lexer);
    }
    line_start = false;
  }
  return false;
}

// At '(': skips the balanced group, see skip_to_closing_parenthesis().
static bool skip_parentheses(TSLexer *lexer, int32_t *first) { return skip_to_closing_parenthesis(lexer, 0, first); }

// ---- is a group made of whole items?

// Where the group stands: what an item is depends on it.
typedef enum { GROUP_OF_BLOCK_ITEMS, GROUP_OF_FIELDS, GROUP_OF_ENUMERATORS } GroupPlace;

// What was seen of the branch of a group that is being read.
typedef struct {
  int32_t first, last; // its first and last character outside of comments; a word counts as 'a', a capitalised one as 'A'
  bool begins_with_else;
  int parentheses, braces;
} Branch;

#define WORD_CHARACTER 'a'
#define CAPITAL_WORD_CHARACTER 'A'

// No item starts with one of these: the branch continues an expression or a list.
static bool continues_item(int32_t c) {
  return c == '|' || c == '&' || c == ',' || c == '?' || c == ':' || c == '=' || c == ')' || c == '.';
}

static bool branch_is_whole(const Branch *branch, GroupPlace place) {
  if (branch->parentheses || branch->braces) return false;
  if (!branch->first) return true;
  if (branch->begins_with_else) return false;
  switch (place) {
    case GROUP_OF_ENUMERATORS:
      return branch->last == ',';
    case GROUP_OF_FIELDS:
      return branch->last == ';' || branch->last == '}';
    case GROUP_OF_BLOCK_ITEMS:
      if (branch->last == ')') return branch->first == CAPITAL_WORD_CHARACTER; // EXPORT_SYMBOL(x) without `;`
      return branch->last == ';' || branch->last == '}' || branch->last == ':';
  }
  return false;
}

// After the #endif: does something follow that can stand after whole items? `last` ended the last branch that had text.
static bool item_may_follow(TSLexer *lexer, GroupPlace place, bool indented, int32_t last) {
  Word word;
  for (;;) {
    skip_gap(lexer);
    if (peek(lexer) != '#') break;
    read_directive(lexer, &word);
    skip_rest_of_line(lexer);
  }
  int32_t c = peek(lexer);
  if (c == ';') return last == ';';
  if (continues_item(c) && c != '&') return false;
  if (c == '+' || c == '-' || c == '[' || c == '/') return false;
  // `#if … if (a) … #else if (b) … #endif {`: the body of what the branches start
  if (c == '{') return place == GROUP_OF_BLOCK_ITEMS && indented && last != ')' && last != 0;
  if (c == '&') {
    advance(lexer);
    return peek(lexer) != '&';
  }
  if (!starts_word(c)) return true;
  read_word(lexer, &word);
  return !equals(&word, "else");
}

#define DEEPEST_NESTED_GROUP 32

// After `#define`: is it the one of an include guard, `#ifndef NAME` and `#define NAME`?
static bool defines(TSLexer *lexer, const Word *name) {
  Word defined;
  while (is_blank(peek(lexer))) advance(lexer);
  read_word(lexer, &defined);
  return name->length > 0 && equals(&defined, name->text);
}

// Right after the name of an #if, #ifdef, #ifndef: whether each branch up to its #endif consists of whole items, so that the group
// can be parsed as a node with alternatives. Of nested groups only the first branch counts. An #ifndef in no other group may be a guard.
static bool group_has_whole_items(TSLexer *lexer, bool may_be_guard, GroupPlace place, bool indented) {
  Branch branch = {0};
  int32_t last_of_branches = 0;
  int nesting = 0;
  Word word, guard = {0};
  while (is_blank(peek(lexer))) advance(lexer);
  if (may_be_guard) read_word(lexer, &guard);
  skip_rest_of_line(lexer);
  while (!at_end(lexer)) {
    int32_t c = peek(lexer);
    if (c == '\n') {
      while (is_space(peek(lexer))) advance(lexer);
      if (peek(lexer) != '#') continue;
      Directive directive = read_directive(lexer, &word);
      // An include guard holds all of its file, which must not be read again after each edit.
      if (!branch.first && nesting == 0 && equals(&word, "define") && defines(lexer, &guard)) return true;
      skip_rest_of_line(lexer);
      if (directive == DIRECTIVE_OTHER) continue;
      if (directive == DIRECTIVE_IF) {
        nesting++;
      } else if (nesting > 0) {
        if (directive == DIRECTIVE_ELSE) {
          if (skip_group(lexer, STOP_AT_ENDIF, KEEP_TOKEN_END) == DIRECTIVE_OTHER) return false;
          skip_rest_of_line(lexer);
        }
        nesting--;
      } else {
        if (!branch_is_whole(&branch, place)) return false;
        if (branch.last) last_of_branches = branch.last;
        if (directive == DIRECTIVE_ENDIF) return item_may_follow(lexer, place, indented, last_of_branches);
        branch = (Branch){0};
      }
      continue;
    }
    if (is_blank(c) || c == '\r') {
      advance(lexer);
      continue;
    }
    if (c == '/') {
      if (!skip_comment(lexer)) branch.last = '/';
      continue;
    }
    if (c == '"' || c == '\'') {
      skip_quoted(lexer);
      if (!branch.first) branch.first = '"';
      branch.last = '"';
      continue;
    }
    if (starts_word(c)) {
      if (!branch.first) {
        branch.first = c >= 'A' && c <= 'Z' ? CAPITAL_WORD_CHARACTER : WORD_CHARACTER;
        read_word(lexer, &word);
        branch.begins_with_else = equals(&word, "else");
      } else {
        skip_word(lexer);
      }
      branch.last = WORD_CHARACTER;
      continue;
    }
    if (c == '(' || c == '[') branch.parentheses++;
    else if ((c == ')' || c == ']') && --branch.parentheses < 0) return false;
    else if (c == '{') branch.braces++;
    else if (c == '}' && --branch.braces < 0) return false;
    if (!branch.first) {
      branch.first = c;
      if (continues_item(c) || (c == '{' && place != GROUP_OF_BLOCK_ITEMS)) return false;
    }
    branch.last = c;
    advance(lexer);
  }
  return false;
}

// Reading the text: characters, words, and what can be skipped in one go. Nothing here decides anything.
//
// A scan may read as far ahead as it likes: the token ends where mark_end() was called last. What was read ahead is recorded by
// tree-sitter, so an edit there makes the parser ask again.
#pragma once
#include "tree_sitter/parser.h"

static inline int32_t peek(TSLexer *lexer) { return lexer->lookahead; }
static inline void advance(TSLexer *lexer) { lexer->advance(lexer, false); }
static inline void skip_as_space(TSLexer *lexer) { lexer->advance(lexer, true); }
static inline bool at_end(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

static inline bool starts_word(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
static inline bool continues_word(int32_t c) { return starts_word(c) || (c >= '0' && c <= '9'); }
static inline bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }

// ---- words

// Longer words are cut: no word that we know is as long.
#define WORD_SIZE 48
typedef struct {
  char text[WORD_SIZE];
  int length;
  bool has_lower, has_upper;
} Word;

static void read_word(TSLexer *lexer, Word *word) {
  word->length = 0;
  word->has_lower = word->has_upper = false;
  for (int32_t c; continues_word(c = peek(lexer)); advance(lexer)) {
    if (c >= 'a' && c <= 'z') word->has_lower = true;
    else if (c >= 'A' && c <= 'Z') word->has_upper = true;
    if (word->length < WORD_SIZE - 1) word->text[word->length++] = (char)c;
  }
  word->text[word->length] = 0;
}

static void skip_word(TSLexer *lexer) {
  while (continues_word(peek(lexer))) advance(lexer);
}

static int compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (int)(uint8_t)*a - (int)(uint8_t)*b;
}

static bool equals(const Word *word, const char *text) { return compare(word->text, text) == 0; }

static bool begins_with(const Word *word, const char *prefix) {
  for (const char *p = word->text; *prefix; p++, prefix++)
    if (*p != *prefix) return false;
  return true;
}

static bool contains(const Word *word, const char *part) {
  for (const char *start = word->text; *start; start++) {
    const char *a = start, *b = part;
    while (*b && *a == *b) a++, b++;
    if (!*b) return true;
  }
  return false;
}

// Whether `word` is in `list`, which is sorted by byte value.
static bool is_listed(const Word *word, const char *const *list, int count) {
  int low = 0, high = count - 1;
  while (low <= high) {
    int middle = (low + high) / 2, order = compare(word->text, list[middle]);
    if (order == 0) return true;
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return false;
}
#define IS_ONE_OF(word, list) is_listed(word, list, (int)(sizeof(list) / sizeof(*(list))))

// FOO_2, but not Foo or _1
static bool is_all_capitals(const Word *word) { return word->has_upper && !word->has_lower; }

// ---- skipping

// A backslash was the last character read: reads the newline that it continues, if there is one.
static bool skip_continued_newline(TSLexer *lexer) {
  if (peek(lexer) == '\r') advance(lexer);
  if (peek(lexer) != '\n') return false;
  advance(lexer);
  return true;
}

static void skip_block_comment_body(TSLexer *lexer) {
  while (!at_end(lexer)) {
    bool star = peek(lexer) == '*';
    advance(lexer);
    if (star && peek(lexer) == '/') {
      advance(lexer);
      return;
    }
  }
}

// At a slash: skips the comment that it starts. Without one only the slash is read, and the answer is false.
static bool skip_comment(TSLexer *lexer) {
  advance(lexer);
  if (peek(lexer) == '*') {
    advance(lexer);
    skip_block_comment_body(lexer);
    return true;
  }
  if (peek(lexer) != '/') return false;
  while (!at_end(lexer) && peek(lexer) != '\n') {
    bool backslash = peek(lexer) == '\\';
    advance(lexer);
    if (backslash) skip_continued_newline(lexer);
  }
  return true;
}

// At a quote: skips the string or character; a newline ends a broken one.
static void skip_quoted(TSLexer *lexer) {
  int32_t quote = peek(lexer);
  advance(lexer);
  while (!at_end(lexer) && peek(lexer) != quote && peek(lexer) != '\n') {
    if (peek(lexer) == '\\') {
      advance(lexer);
      if (peek(lexer) == '\r') advance(lexer);
      if (at_end(lexer)) return;
    }
    advance(lexer);
  }
  if (peek(lexer) == quote) advance(lexer);
}

// Up to the newline that ends the directive or line: continued lines and block comments belong to it.
static void skip_rest_of_line(TSLexer *lexer) {
  while (!at_end(lexer) && peek(lexer) != '\n') {
    int32_t c = peek(lexer);
    advance(lexer);
    if (c == '\\') skip_continued_newline(lexer);
    else if (c == '/' && peek(lexer) == '*') {
      advance(lexer);
      skip_block_comment_body(lexer);
    }
  }
}

#define NO_COLUMN (-1)
typedef struct {
  bool crosses_line;
  // column (tabs are 8 wide) of what follows the last newline; NO_COLUMN without a newline
  int column;
  // a lone `/` was read: what follows is a division, which no caller is interested in
  bool read_slash;
} Gap;

// Skips space and comments.
static Gap skip_gap(TSLexer *lexer) {
  Gap gap = {false, NO_COLUMN, false};
  for (;;) {
    switch (peek(lexer)) {
      case '\n':
        gap.crosses_line = true;
        gap.column = 0;
        advance(lexer);
        break;
      case '\t':
        if (gap.column != NO_COLUMN) gap.column = (gap.column / 8 + 1) * 8;
        advance(lexer);
        break;
      case ' ':
        if (gap.column != NO_COLUMN) gap.column++;
        advance(lexer);
        break;
      case '\r':
      case '\f':
      case '\v':
        advance(lexer);
        break;
      case '\\':
        advance(lexer);
        if (!skip_continued_newline(lexer)) return gap;
        break;
      case '/':
        if (!skip_comment(lexer)) {
          gap.read_slash = true;
          return gap;
        }
        break;
      default:
        return gap;
    }
  }
}

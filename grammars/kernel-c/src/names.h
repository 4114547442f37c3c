// Names that are not followed by arguments: annotations that are in no list, macros in strings, macros that stand alone.
#pragma once
#include "scan.h"
#include "words.h"

// The words behind a name, as far as they matter.
#define WORDS_AHEAD 4
typedef struct {
  Word words[WORDS_AHEAD];
  int count;
  int32_t after_first; // the character after the first of them (a letter if another word follows)
  int32_t after;       // the character after the last of them
} Ahead;

static void read_words_ahead(TSLexer *lexer, Ahead *ahead) {
  ahead->count = 0;
  while (ahead->count < WORDS_AHEAD && starts_word(peek(lexer))) {
    read_word(lexer, &ahead->words[ahead->count++]);
    skip_gap(lexer);
    if (ahead->count == 1) ahead->after_first = peek(lexer);
  }
  ahead->after = peek(lexer);
}

// `PREFIX "text"`: a macro that stands for a string, before a literal (after any number of macros) or before another macro.
static bool is_string_macro(const Scan *scan, const Word *name, const Ahead *ahead) {
  const bool *valid = scan->valid;
  const Word *next = &ahead->words[0];
  if (ahead->after == '"' && next->length > 1) return true;
  if (valid[LOOP_MACRO] || valid[ANNOTATION_BEFORE_TYPE] || valid[ANNOTATION_AFTER_TYPE]) return false;
  for (int i = 0; i < ahead->count; i++)
    if (is_annotation(&ahead->words[i])) return false;
  if (is_keyword(next)) return false;
  return ahead->count > 1 || ahead->after == '(' || (is_all_capitals(name) && is_all_capitals(next) && ahead->after == ';');
}

// `type name declarator`: is the name an annotation of what follows?
static bool is_annotation_after_type(const Word *name, const Ahead *ahead, bool crosses_line) {
  const Word *next = &ahead->words[0];
  if (begins_with(next, "__") && is_annotation(next)) return false; // `type name __annotation`
  if (is_keyword(next) && !IS_ONE_OF(next, TYPE_KEYWORDS)) return false;
  if (looks_like_annotation(name)) return true;
  if (looks_like_annotation(next)) return false; // type name __unknown, type name ALIGN(8)
  return !name->has_upper && !crosses_line;
}

// Like looks_like_annotation(), for a name that may as well be a type: __u32, __s8, __le16, __be32 are.
static bool looks_like_annotation_of_type(const Word *name) {
  if (is_all_capitals(name)) return true;
  int32_t letter = name->text[2];
  return begins_with(name, "__") && name->has_lower && letter != 'u' && letter != 's' && letter != 'l' && letter != 'b';
}

// ANNOTATION ANNOTATION __known void: the words up to a type of the language all annotate it.
static bool is_run_of_annotations(const Word *name, const Ahead *ahead) {
  if (!looks_like_annotation_of_type(name)) return false;
  int annotations = 0;
  while (annotations < ahead->count) {
    const Word *word = &ahead->words[annotations];
    if (!is_all_capitals(word) && !is_plain_annotation(word)) break;
    annotations++;
  }
  return annotations > 0 && annotations < ahead->count && IS_ONE_OF(&ahead->words[annotations], TYPE_KEYWORDS);
}

// `name type declarator`: is the name an annotation, or the type?
static bool is_annotation_before_type(const Scan *scan, const Word *name, const Ahead *ahead, bool crosses_line) {
  const Word *next = &ahead->words[0];
  bool capitals = is_all_capitals(name), at_top = scan->indent == 0;
  if (is_run_of_annotations(name, ahead)) return true;
  if (IS_ONE_OF(next, TYPE_KEYWORDS)) return looks_like_annotation(name) || !crosses_line;
  if (equals(next, "const")) { // ANNOTATION const type name, but TYPE const name
    bool type_follows = ahead->count > 2 || (ahead->count == 2 && ahead->after == '*');
    return capitals && name->length > 4 && type_follows;
  }
  if (at_top && capitals && is_all_capitals(next) && ahead->after_first == '(') return true; // STATIC INIT f(…)
  if (is_keyword(next) || is_plain_annotation(next)) return false;
  if (!looks_like_annotation_of_type(name)) return false;
  if (capitals && at_top && !next->has_lower) return false; // TYPE NAME
  if (ahead->count > 1) return !is_annotation(&ahead->words[1]);
  if (ahead->after != '*') return false;
  while (peek(scan->lexer) == '*') {
    advance(scan->lexer);
    skip_gap(scan->lexer);
  }
  Word declared;
  read_word(scan->lexer, &declared);
  return declared.length && !is_annotation(&declared);
}

// A macro that stands alone on its line, in place of a statement or of fields. `follows` is the first character of the next line.
static bool is_bare_macro(const Scan *scan, const Word *name, int32_t follows) {
  Word next;
  if (scan->valid[FIELD_MACRO]) {
    if (follows == '}' || follows == '#' || begins_with(name, "randomized_struct_fields")) return true;
    if (!is_all_capitals(name) || !starts_word(follows)) return false;
    read_word(scan->lexer, &next);
    if (is_all_capitals(&next) && next.length > 3) return true;
    skip_gap(scan->lexer); // a whole field on the next line, or only the name of this one?
    return starts_word(peek(scan->lexer)) || peek(scan->lexer) == '*';
  }
  bool ends_block = follows == '}' || follows == '#' || at_end(scan->lexer);
  if (scan->valid[LOOP_MACRO] && names_unrolling(name)) return true;
  if (!scan->valid[LOOP_MACRO] || name->length <= 3 || !name->has_upper) return false;
  if (scan->indent <= 0 && follows == '}') return false;
  if (ends_block && follows != '}') return !name->has_lower || follows == '#';
  if (name->has_lower || scan->indent <= 0) return false;
  if (ends_block) return true;
  if (!starts_word(follows)) return false;
  read_word(scan->lexer, &next);
  return !equals(&next, "else");
}

// After a name and what separates it from a character that isn't `(`.
static bool scan_plain_name(Scan *scan, const Word *name, bool crosses_line) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  bool in_statement = valid[LOOP_MACRO];
  int32_t follows = peek(lexer);
  if (valid[BARE_MACRO] && crosses_line && is_bare_macro(scan, name, follows)) return produce(scan, BARE_MACRO);
  if (is_plain_annotation(name)) return false; // the grammar's own token
  if (valid[ENUMERATOR_CONTEXT] && scan->indent != NO_COLUMN) return false; // the next enumerator, after a macro with its own comma
  bool may_annotate = valid[ANNOTATION_BEFORE_TYPE] || valid[ANNOTATION_AFTER_TYPE] || valid[ANNOTATION_AFTER_DECLARATOR];
  if (starts_word(follows)) {
    bool may_be_string = valid[STRING_MACRO] && !(crosses_line && in_statement);
    if (!may_be_string && !may_annotate) return false;
    Ahead ahead;
    read_words_ahead(lexer, &ahead);
    if (may_be_string && is_string_macro(scan, name, &ahead)) return produce(scan, STRING_MACRO);
    if (valid[ANNOTATION_AFTER_TYPE]) {
      if (crosses_line && in_statement) return false;
      return is_annotation_after_type(name, &ahead, crosses_line) && produce(scan, ANNOTATION_AFTER_TYPE);
    }
    if (valid[ANNOTATION_BEFORE_TYPE])
      return is_annotation_before_type(scan, name, &ahead, crosses_line) && produce(scan, ANNOTATION_BEFORE_TYPE);
    return produce(scan, ANNOTATION_AFTER_DECLARATOR);
  }
  if (valid[ANNOTATION_AFTER_TYPE]) return follows == '*' && produce(scan, ANNOTATION_AFTER_TYPE);
  switch (follows) {
    case ';':
    case '=':
    case ',':
    case ')':
    case '{':
    case '[':
      return looks_like_annotation(name) && produce(scan, ANNOTATION_AFTER_DECLARATOR);
  }
  return false;
}

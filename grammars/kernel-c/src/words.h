// What is known of a word by itself.
#pragma once
#include "annotations.h"
#include "text.h"

// Words that are never a macro's or an annotation's name. All lists are sorted.
static const char *const KEYWORDS[] = {
  "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Generic", "__alignof__", "__asm", "__asm__", "__attribute", "__attribute__", "__auto_type",
  "__extension__", "__inline", "__inline__", "__int128", "__label__", "__typeof", "__typeof__", "alignof", "asm", "asm_inline", "auto", "bool",
  "break", "case", "char", "const", "continue", "default", "defined", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
  "inline", "int", "long", "offsetof", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef",
  "typeof", "typeof_unqual", "union", "unsigned", "void", "volatile", "while"};
static const char *const STATEMENT_KEYWORDS[] = {
  "break", "case", "continue", "default", "do", "for", "goto", "if", "return", "switch", "while"};
static const char *const TYPE_KEYWORDS[] = {
  "_Bool", "bool", "char", "double", "enum", "extern", "float", "inline", "int", "long", "short", "signed", "size_t", "ssize_t", "static",
  "struct", "union", "unsigned", "void"};

static bool is_keyword(const Word *word) { return IS_ONE_OF(word, KEYWORDS); }
static bool is_plain_annotation(const Word *word) { return IS_ONE_OF(word, PLAIN_ANNOTATIONS); }
static bool is_annotation_with_arguments(const Word *word) { return IS_ONE_OF(word, ANNOTATIONS_WITH_ARGUMENTS); }
static bool is_annotation(const Word *word) {
  return is_plain_annotation(word) || is_annotation_with_arguments(word) || begins_with(word, "__attribute");
}

// Whatever follows the arguments of such a macro is its body, on whichever line it is.
static bool names_loop(const Word *name) {
  return contains(name, "for_each") || contains(name, "foreach") || contains(name, "FOR_EACH") || contains(name, "FOREACH") ||
    contains(name, "ForEach") || contains(name, "scoped_") || contains(name, "_for_") || begins_with(name, "for_") ||
    contains(name, "_each_") || begins_with(name, "guard_") || contains(name, "_scope");
}

// Macros that declare something where a call could stand.
static bool names_declaration(const Word *name) {
  return contains(name, "DEFINE_") || contains(name, "DECLARE_") || contains(name, "ON_STACK") || contains(name, "ONSTACK") ||
    IS_ONE_OF(name, DECLARING_MACROS);
}

// unrolled_count(4) and the like stand before the loop that they unroll.
static bool names_unrolling(const Word *name) { return begins_with(name, "unroll"); }

// Macros that make several cases of a switch, or that end a loop.
static bool names_cases_or_end(const Word *name) { return contains(name, "switchcase") || begins_with(name, "endfor_"); }

// Inside a function a call without `;` is a mistake, unless its name tells that it is a macro.
static bool may_lack_semicolon(const Word *name) {
  bool underscored = name->text[0] == '_' && name->text[1] != '_';
  return name->has_upper || underscored || names_unrolling(name) || names_cases_or_end(name);
}

// `__name` and `NAME` may be annotations, `name` is a type, a variable or a function.
static bool looks_like_annotation(const Word *name) {
  return begins_with(name, "__") || (is_all_capitals(name) && name->length > 1);
}

"""Texts as rows of word numbers (TensorFlow 1's ``tf.contrib.learn.preprocessing``)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["CategoricalVocabulary", "VocabularyProcessor", "tokenizer"]

WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|['\w\-]+")


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """The words of each text.

    >>> list(tokenizer(["It's a well-known HTTPServer."]))
    [["It's", 'a', 'well-known', 'HTTP', 'Server']]
    """
    for text in iterator:
        yield WORD.findall(text)


class CategoricalVocabulary:
    """Words and their numbers; 0 is for words that it does not know.

    Args:
        unknown_token: what stands for such words.
        support_reverse: whether numbers can be turned into words again.

    >>> words = CategoricalVocabulary()
    >>> words.get("graph"), words.get("session"), words.get("graph"), len(words)
    (1, 2, 1, 3)
    >>> words.freeze()
    >>> words.get("tensor"), words.reverse(2)
    (0, 'session')
    """

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:
        self._unknown = unknown_token
        self._reversible = support_reverse
        self._mapping = {unknown_token: 0}
        self._counts: Counter[str] = Counter()
        self._frozen = False

    def __len__(self) -> int:
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """Stop taking in new words, or go on."""
        self._frozen = freeze

    def get(self, category: str) -> int:
        """The number of a word, which is taken in if it is new."""
        if category not in self._mapping:
            if self._frozen:
                return 0
            self._mapping[category] = len(self._mapping)
        return self._mapping[category]

    def add(self, category: str, count: int = 1) -> None:
        """Count a word, unless it is unknown."""
        if self.get(category):
            self._counts[category] += count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Leave only words that came up more often than `min_frequency`, the most frequent first.

        Words that came up `max_frequency` times or more are left out too, if it is positive.
        """
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        kept = [
            (word, count)
            for word, count in ordered
            if count > min_frequency and not 0 < max_frequency <= count
        ]
        self._counts = Counter(dict(kept))
        self._mapping = {self._unknown: 0} | {word: number for number, (word, _) in enumerate(kept, 1)}

    def reverse(self, class_id: int) -> str:
        """The word of a number.

        Raises:
            ValueError: it was made without this.
        """
        if not self._reversible:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support reverse() function."
            )
        return list(self._mapping)[class_id]


class VocabularyProcessor:
    """Turns texts into rows of word numbers, all of one length.

    Args:
        max_document_length: the length of a row; more words are left out, fewer are followed by zeros.
        min_frequency: words that came up no more often than this are unknown.
        vocabulary: a `CategoricalVocabulary`, taken as it is; a new one if None.
        tokenizer_fn: takes texts, and gives the words of each; `tokenizer` if None.

    >>> texts = VocabularyProcessor(4)
    >>> np.array(list(texts.fit_transform(["a graph and a session", "a tensor"])))
    array([[1, 2, 3, 1],
           [1, 5, 0, 0]])
    >>> list(texts.reverse([[2, 0]])), len(texts.vocabulary_)
    (['graph <UNK>'], 6)
    """

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Iterable[str]], Iterable[list[str]]] | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = vocabulary if vocabulary is not None else CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[str], unused_y: Any = None) -> VocabularyProcessor:
        """Take in the words of texts; later ones are unknown."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def transform(self, raw_documents: Iterable[str]) -> Iterator[np.ndarray[Any, Any]]:
        """The rows of texts, one after the other."""
        for tokens in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for place, token in enumerate(tokens[: self.max_document_length]):
                row[place] = self.vocabulary_.get(token)
            yield row

    def fit_transform(
        self, raw_documents: Iterable[str], unused_y: Any = None
    ) -> Iterator[np.ndarray[Any, Any]]:
        """`fit`, then `transform`."""
        texts = list(raw_documents)
        self.fit(texts)
        return self.transform(texts)

    def reverse(self, documents: Iterable[Iterable[int]]) -> Iterator[str]:
        """Texts that have these rows."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename: Any) -> None:
        """Write what it knows to a file, as JSON; a tokenizer of one's own is not part of it."""
        words = self.vocabulary_
        kept = {
            "max_document_length": self.max_document_length,
            "min_frequency": self.min_frequency,
            "words": list(words._mapping),
            "counts": words._counts,
            "frozen": words._frozen,
            "reversible": words._reversible,
        }
        Path(filename).write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def restore(cls, filename: Any) -> VocabularyProcessor:
        """What `save` wrote.

        Raises:
            ValueError: the file is none of those; TensorFlow's own are pickles, which graphmagic does not open.
        """
        try:
            kept = json.loads(Path(filename).read_bytes())
            words = CategoricalVocabulary(kept["words"][0], kept["reversible"])
            words._mapping = {word: number for number, word in enumerate(kept["words"])}
            words._counts, words._frozen = Counter(kept["counts"]), kept["frozen"]
            return cls(kept["max_document_length"], kept["min_frequency"], words)
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(
                f"{filename} was not written by graphmagic's VocabularyProcessor.save"
            ) from error

"""Which lines define a name, in the languages that are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.evidence.look_answer import RefusedError
from architect_review.evidence.look_symbols import Name

DEFINES = """
a.py|x|def x(a):
a.py|x|    async def x(self):
a.py|X|class X(Base):
a.py|x|x = 1
a.py|x|    self.x = 1
a.py|x|    x: int = 1
a.py|x|    x: int
a.py|X|X: Final[int] = 5
a.py|orders|    op.execute("CREATE TABLE orders (id int)")
a.ts|x|export default async function x() {
a.ts|x|export const x = () => 1
a.ts|x|  private async x(a: B): Promise<void> {
a.ts|x|  x?: string;
a.ts|X|export interface X {
a.js|x|  x = (a) => {
a.go|X|func (s *Server) X(a int) error {
a.go|X|func X() {
a.go|X|type X struct {
a.go|X|    X int `json:"x"`
a.go|X|    X(a int) error
a.go|x|    x := 5
a.go|err|    x, err := f()
a.rs|x|pub(crate) async fn x<T>() {
a.rs|X|pub struct X {
a.rs|x|    let mut x = 5;
A.java|total|  public int total(Order o) {
A.java|total|  private final int total = 0;
A.java|total|  int total(Order o);
A.java|A|public final class A extends B {
a.c|x|static int x(int a)
a.c|X|#define X 5
a.cpp|x|int Foo::x(int a) {
a.rb|x|  def self.x(a)
a.rb|x?|  def x?
a.rb|x|  attr_reader :y, :x
a.rb|X|module Foo::X
a.sh|x|x() {
a.sh|X|export X=1
a.sql|orders|CREATE TABLE IF NOT EXISTS public."orders" (
a.sql|orders|create table orders(
a.sql|ix|CREATE UNIQUE INDEX CONCURRENTLY ix ON t (a)
a.sql|c|ALTER TABLE t ADD COLUMN c int
a.sql|total|  total numeric(10,2) not null,
a.yml|x|  x: 5
a.yml|x|- x: 5
a.yml|max-size|max-size: 5
tests/a.yml|x|x: 5
a.toml|x|x = 5
a.toml|x|[tool.x]
.env|X|X=5
Dockerfile|X|ENV X=5
Dockerfile|X|ARG X
a.json|x|  "x": 5,
a.tf|x|variable "x" {
a.tf|x|resource "aws_s3" "x" {
"""
USES = """
a.py|x|x(1)
a.py|x|    return x(a)
a.py|x|if x == 1:
a.py|x|    foo(x=1)
a.py|x|    x=1,
a.py|x|x == 1
a.py|x|from a import x
a.py|x|    a.x = 5
a.py|x|    y = x
a.py|x|def xy(a):
a.py|x|def ax(a):
a.ts|x|  x(a);
a.ts|x|if (x(a)) {
a.ts|x|return x(a)
a.ts|x|import { x } from 'y'
a.ts|x|// function x(
a.go|x|    return x(a)
a.go|x|    x(a)
A.java|total|  return total(o);
A.java|total|  int a = total(o);
A.java|total|  total(o);
a.md|x|x = 1
a.sql|orders|select * from orders
a.yml|x|- run: x
"""


def rows(table: str) -> list[list[str]]:
    """Path, name and line."""
    return [row.split("|", 2) for row in table.strip("\n").split("\n")]


@pytest.mark.parametrize(("path", "name", "line"), rows(DEFINES))
def test_a_line_that_defines_a_name_is_told(path: str, name: str, line: str) -> None:
    assert Name(name).is_defined_on(path, line)
    assert Name(f"a.b::{name}").is_defined_on(path, line)


@pytest.mark.parametrize(("path", "name", "line"), rows(USES))
def test_a_line_that_only_uses_a_name_is_told(path: str, name: str, line: str) -> None:
    assert not Name(name).is_defined_on(path, line)


def test_a_symbol_is_its_last_part() -> None:
    assert Name("shop.Order#total()").last == "total"
    assert Name("shop.Order#total()").before == ("shop", "Order")
    assert Name("max-size").last == "max-size"


@given(st.text(max_size=30), st.text(max_size=200))
def test_any_symbol_is_a_name_or_refused(symbol: str, line: str) -> None:
    try:
        name = Name(symbol)
    except RefusedError:
        return
    for path in ("a.py", "a.ts", "a.java", "a.go", "a.rb", "a.sql", "a.yml", "a"):
        assert name.is_defined_on(path, line) in (True, False)

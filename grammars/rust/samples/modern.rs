#![allow(unused)]
// Valid code of Rust 2015 to 2024 that must give no finding.
use std::{fmt::{self, Display as _}, io::*};

pub(crate) async unsafe extern "C" fn wild<'a, const N: usize>(x: &'a mut [u8; N], _: impl Fn(u8) -> u8 + 'a) -> ! { loop {} }
struct Unit; struct Tuple<T: ?Sized>(pub T, #[serde(skip)] u8); struct Gen<'a, T, const B: bool = true> where T: 'a { x: &'a T }
enum E { A = 1, B(u8), C { x: u8 } }
trait Lend { type Item<'a> where Self: 'a; fn next<'a>(&'a mut self) -> Option<Self::Item<'a>>; const X: u8; async fn go(&self); }
impl<T> !Send for Gen<'_, T> {}
unsafe impl<T: for<'b> Fn(&'b u8)> Sync for Tuple<T> {}
fn captures<'a>(x: &'a str) -> impl Display + use<'a> { x }

fn main() -> Result<(), Box<dyn std::error::Error + 'static>> {
    let Some(x) = opt else { return Ok(()) };
    if let Some(a) = opt && a > 1 && let Ok(b) = res {}
    let v = match x { 0 | 1..=5 => 'a', 6.. => b'b' as char, n @ (7 | 8) if n > 7 => '\u{1F600}', -1 => '\'', _ => unreachable!() };
    let closure = async move |mut a: u8, &(b, ref c): &(u8, u8)| -> u8 { a + b };
    let raw = r#"a "quoted" text"#; let bytes = br"x"; let c = c"text"; let s = "line \
        continued";
    let p = &raw const x; let q = &raw mut y;
    let label = 'outer: loop { break 'outer 5 };
    let block = 'b: { if true { break 'b 1 } 2 };
    let Gen { x: ref mut z, .. } = g; let [first, .., last] = arr; let (a, .., b) = t;
    let n = 1_000u64 as f32 + 0xFF_u8 as f32 + 1e-3 + 2.; let t = tuple.0.1;
    (a, b) = (b, a); [a, ..] = arr;
    x?.await?.iter().map(<_>::from).collect::<Vec<_>>();
    let turbofish = <Vec<u8> as IntoIterator>::into_iter; let array = [const { 1 }; 4];
    unsafe { *p += 1; } const { assert!(true) };
    if x == (Unit {}) || x < y && y > z {} while let Some(x) = it.next() {}
    let r = ..=5; let f: fn(u8) -> u8 = |x| x; let d: &(dyn Fn() + Send) = &|| ();
    let _: [u8; { 1 + 2 }]; static S: u8 = 1; return Ok(());
}

macro_rules! m { ($($k:expr => $v:ty),* $(,)?) => { $( $k as $v; )* }; ($x:ident) => {} }
extern "C" { fn f(x: i32, ...) -> i32; static X: u8; }
#[cfg(all(unix, not(test)))] mod inner { pub(in super::x) use self::y as r#type; }
pub type Alias<T> = dyn Fn(T) -> T; union U { a: u8, b: [u8; 2] }
unsafe extern "C" { safe fn g(x: i32) -> i32; pub safe static Y: u8; }
fn rest() { let Tuple { 0: first, .. } = t; Gen { x, .. } = g; }

//! A store of items.
use std::collections::{hash_map::Entry, HashMap as Map, BTreeMap};
use std::io::{self, Read};
use crate::model::*;
use super::Item;
extern crate alloc;

mod shelf;

pub const LIMIT: usize = 10;
static mut COUNT: u32 = 0;

#[derive(Debug, Clone)]
pub struct Store<'a, T: Named + 'a, const N: usize = 4>
where
    T: Default,
{
    pub items: Map<String, T>,
    name: &'a str,
}

struct Point(f64, f64);
struct Marker;

#[repr(u8)]
pub enum Shape {
    Empty,
    Circle { radius: f64 },
    Line(Point, Point),
    Code = 7,
}

union Bits { whole: u32, parts: [u8; 4] }

pub trait Named: Send {
    type Output;
    const ID: u32 = 1;
    fn name(&self) -> &str;
    fn label(&self, prefix: &str) -> String {
        format!("{}{}", prefix, self.name())
    }
}

type Pairs<K> = Vec<(K, Shape)>;

impl<'a, T: Named + Default> Store<'a, T, 4> {
    pub fn new(name: &'a str) -> Self {
        Self { items: Map::new(), name }
    }

    pub async fn load<R>(&mut self, mut reader: R, (width, height): (u32, u32)) -> io::Result<usize>
    where
        R: Read,
    {
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        for (index, line) in text.lines().enumerate() {
            let Some((key, rest)) = line.split_once('=') else { continue };
            if let Ok(value) = rest.parse::<i32>() && value > 0 {
                self.items.insert(key.to_owned(), T::default());
            }
            unsafe { COUNT += 1 };
        }
        'outer: while let Some(top) = self.stack.pop() {
            break 'outer;
        }
        let area = match self.shape {
            Shape::Circle { radius, .. } if radius > 0.0 => radius * radius,
            Shape::Line(Point(x, _), ref end) => x + end.0,
            other @ (Shape::Empty | Shape::Code) => measure(other),
            [first, .., last] => first,
            n => 0.0,
        };
        let add = |left: i32, right| -> i32 { left + right };
        let [a, b] = [width, height];
        let Size { w: px, h } = origin::<f64>();
        Ok(add(a, area) as usize)
    }
}

impl<T> Iterator for Wrapper<T> {
    type Item = T;
    fn next(&mut self) -> Option<Self::Item> {
        self.inner.next().map(|x| x.0)
    }
}

macro_rules! square {
    ($x:expr) => { $x * $x };
}

fn apply<F: Fn(i32) -> i32>(f: F, arg: &dyn Named) -> impl Named + '_ {
    const STEP: i32 = 2;
    let out = f(square!(STEP));
    vec![out, LIMIT as i32];
    crate::shelf::sort(&out);
    arg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores() {
        let store: Store<Marker> = Store::new("x");
        assert_eq!(store.name, "x");
    }
}

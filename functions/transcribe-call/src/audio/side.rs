use std::ops::{Index, IndexMut};

use kvs_media::Side;

/// Whose audio is transcribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Both, in two channels: `ch_0` is what the customer says, `ch_1` what the customer hears.
    Both,
    /// Only what the customer says, in one channel.
    Customer,
    /// Only what the customer hears, in one channel.
    Agent,
}

impl Sides {
    /// The sides, in the order of their channels.
    pub const fn list(self) -> &'static [Side] {
        match self {
            Sides::Both => &[Side::FromCustomer, Side::ToCustomer],
            Sides::Customer => &[Side::FromCustomer],
            Sides::Agent => &[Side::ToCustomer],
        }
    }

    /// The channel of a side; `None` if it is not transcribed.
    pub fn channel(self, side: Side) -> Option<usize> {
        self.list().iter().position(|listed| *listed == side)
    }
}

/// One value for each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerSide<T> {
    /// Of what the customer says.
    pub customer: T,
    /// Of what the customer hears.
    pub agent: T,
}

impl<T: Clone> PerSide<T> {
    /// The same for both.
    pub fn both(value: T) -> Self {
        Self { customer: value.clone(), agent: value }
    }
}

impl<T> Index<Side> for PerSide<T> {
    type Output = T;

    fn index(&self, side: Side) -> &T {
        match side {
            Side::FromCustomer => &self.customer,
            Side::ToCustomer => &self.agent,
        }
    }
}

impl<T> IndexMut<Side> for PerSide<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::FromCustomer => &mut self.customer,
            Side::ToCustomer => &mut self.agent,
        }
    }
}

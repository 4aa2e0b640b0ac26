mod conditions;
mod generated;
mod grammar;
mod groups;
mod rows;
mod world;

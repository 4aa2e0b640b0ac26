use super::*;

const SEGMENT: Place = Place::Segment { end: None };
const CLUSTER: Place = Place::Cluster { end: None, segment_end: None };
const SIZED_SEGMENT: Place = Place::Segment { end: Some(100) };
const SIZED_CLUSTER: Place = Place::Cluster { end: Some(50), segment_end: Some(100) };
const UNKNOWN: u32 = 0x63A2;

#[test]
fn elements_of_unknown_size_end_where_an_element_cannot_be_in_them() {
    for id in [id::SIMPLE_BLOCK, id::TIMESTAMP, id::VOID, UNKNOWN] {
        assert_eq!(CLUSTER.left_for(id), Ok(None), "{id:x}");
    }
    for id in [id::CLUSTER, id::TAGS, id::CUES, id::TRACKS] {
        assert_eq!(CLUSTER.left_for(id), Ok(Some(SEGMENT)), "{id:x}");
        assert_eq!(SEGMENT.left_for(id), Ok(None), "{id:x}");
    }
    for id in [id::EBML, id::SEGMENT] {
        assert_eq!(CLUSTER.left_for(id), Ok(Some(Place::Outside)), "{id:x}");
        assert_eq!(SEGMENT.left_for(id), Ok(Some(Place::Outside)), "{id:x}");
        assert_eq!(Place::Outside.left_for(id), Ok(None), "{id:x}");
    }
}

#[test]
fn elements_of_known_size_do_not_end_early() {
    assert_eq!(SIZED_CLUSTER.left_for(id::TAGS), Err(Fault::Misplaced));
    assert_eq!(SIZED_CLUSTER.left_for(id::EBML), Err(Fault::Misplaced));
    assert_eq!(SIZED_SEGMENT.left_for(id::EBML), Err(Fault::Misplaced));
    let in_sized_segment = Place::Cluster { end: None, segment_end: Some(100) };
    assert_eq!(in_sized_segment.left_for(id::TAGS), Ok(Some(SIZED_SEGMENT)));
    assert_eq!(in_sized_segment.left_for(id::EBML), Err(Fault::Misplaced));
}

#[test]
fn impossible_places() {
    assert_eq!(SEGMENT.left_for(id::SIMPLE_BLOCK), Err(Fault::Misplaced));
    assert_eq!(Place::Outside.left_for(id::CLUSTER), Err(Fault::Misplaced));
    assert_eq!(Place::Outside.left_for(UNKNOWN), Err(Fault::NoElement));
    assert_eq!(Place::Outside.left_for(id::VOID), Ok(None));
}

#[test]
fn elements_of_known_size_end_at_their_last_byte() {
    assert_eq!(SIZED_CLUSTER.left_at(49), None);
    assert_eq!(SIZED_CLUSTER.left_at(50), Some(SIZED_SEGMENT));
    assert_eq!(SIZED_CLUSTER.left_at(100), Some(Place::Outside));
    assert_eq!(Place::Cluster { end: Some(100), segment_end: Some(100) }.left_at(100), Some(Place::Outside));
    assert_eq!(Place::Cluster { end: None, segment_end: Some(100) }.left_at(100), Some(Place::Outside));
    assert_eq!(Place::Cluster { end: Some(50), segment_end: None }.left_at(50), Some(SEGMENT));
    assert_eq!(CLUSTER.left_at(u64::MAX), None);
}

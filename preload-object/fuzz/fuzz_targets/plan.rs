//! Every object that can be read has a plan, whatever is chosen for its programs and maps.
#![no_main]

use libfuzzer_sys::fuzz_target;
use preload_object::{Choices, Object, Plan, Types};

fuzz_target!(|bytes: &[u8]| {
    let Ok(object) = Object::read(bytes) else { return };
    // What the file says chooses: one seed file is an object and its choices.
    let mut bytes = bytes.iter().copied();
    let mut flip = || bytes.next_back().is_some_and(|byte| byte & 1 == 1);
    let mut choices = Choices { object: "object".into(), ..Choices::default() };
    choices.programs.resize_with(object.programs().len(), Default::default);
    choices.maps.resize_with(object.maps().len(), Default::default);
    for (choice, program) in choices.programs.iter_mut().zip(object.programs()) {
        choice.manual = flip();
        choice.pin = flip().then(|| program.name.clone());
    }
    for (choice, map) in choices.maps.iter_mut().zip(object.maps()) {
        choice.pin = flip().then(|| map.name.clone());
    }
    let plan = Plan::new(&object, &choices);
    assert_eq!(plan.programs.len(), object.programs().len());
    assert_eq!(plan.maps.len(), object.maps().len());
    assert!(plan.programs.iter().all(|program| program.insns.len() % 8 == 0));
    plan.digest();
    assert_eq!(Types::new(&object).maps.len(), object.maps().len());
});

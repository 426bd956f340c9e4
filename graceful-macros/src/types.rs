//! What the words of a type say.

use syn::{GenericArgument, Path, PathArguments, PathSegment, Type};

/// Whose plan is that of the type inside.
pub(crate) const WRAPPERS: [&str; 9] = [
    "Arc", "Box", "Mutex", "OnceCell", "OnceLock", "Option", "RwLock", "Vec", "VecDeque",
];

/// Without what is around it that means nothing, like the groups in which `macro_rules!` hands a type over.
pub(crate) fn ungrouped(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => return ty,
        };
    }
}

/// The path that a type is, as long as it belongs to no trait.
pub(crate) fn path(ty: &Type) -> Option<&Path> {
    match ungrouped(ty) {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

/// Whether a type is called so, by whatever path.
pub(crate) fn is_called(ty: &Type, names: &[&str]) -> bool {
    last_segment(ty).is_some_and(|last| names.iter().any(|name| last.ident == name))
}

/// The types that a type is made of: its elements, or what stands in angle brackets behind its name.
pub(crate) fn parts(ty: &Type) -> Vec<&Type> {
    match ungrouped(ty) {
        Type::Array(array) => vec![&*array.elem],
        Type::Reference(reference) => vec![&*reference.elem],
        Type::Slice(slice) => vec![&*slice.elem],
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        ty => last_segment(ty).map(arguments).unwrap_or_default(),
    }
}

/// The types of the values that one of this type owns, where it is known to.
pub(crate) fn contents(ty: &Type) -> Vec<&Type> {
    let owns = match ungrouped(ty) {
        Type::Array(_) | Type::Tuple(_) => true,
        ty => is_called(ty, &WRAPPERS) || is_called(ty, &["BTreeMap", "HashMap"]),
    };
    if owns { parts(ty) } else { Vec::new() }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

//! The traits that tell kinds of types apart, for a glob import: without names, so that none of the user's is hidden.

pub use super::{
    AnyFieldKind as _, AnyKind as _, CallKind as _, CloneKind as _, ClonedKind as _,
    CloseOfField as _, DebugKind as _, DroppedKind as _, FutureKind as _, HandedAnyKind as _,
    HandedStateKind as _, HandedTryStateKind as _, HeldKind as _, KeptKind as _,
    KeptResultKind as _, LastKind as _, NoCloseOfItsOwn as _, NoDuration as _, NoPlan as _,
    NoShutdownKind as _, NotCloneable as _, NotClosable as _, NotPlanned as _, OutcomeKind as _,
    RefusedKind as _, ResultKind as _, ShownFutureKind as _, StateKind as _, TakenKind as _,
    TerminationKind as _, TryStateKind as _, UnknownKind as _, Whole as _,
};

//! A status for a person at a console.

use core::fmt;

use super::{Match, Pin, Pinned, State, Status};
use crate::error::Lossy;

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}: ", Lossy(self.parent.path().as_bytes()), Lossy(self.names.set().to_bytes()))?;
        f.write_str(match self.state {
            State::Absent => "not preloaded",
            State::Foreign => "something that no preload has made",
            State::Incomplete => "preloaded, but not all of it is there any more",
            State::Complete => "preloaded, all of it",
        })?;
        if let Some(digest) = self.digest() {
            write!(f, "\n  plan {:032x}, settings ", digest.plan)?;
            match digest.settings {
                Some(settings) => write!(f, "{settings:016x}")?,
                None => f.write_str("unknown")?,
            }
        }
        if let Some(matches) = self.matches() {
            f.write_str(match matches {
                Match::Same => ": the same as here",
                Match::OtherSettings => ": the plan is the same as here, the settings are not",
                Match::OtherPlan => ": another plan than here",
            })?;
        }
        let mut result = Ok(());
        let pins = self.pins(|pin| result = result.and_then(|()| write!(f, "\n  {pin}")));
        result?;
        if let Err(error) = pins {
            write!(f, "\n  {error}")?;
        }
        let left_over = [
            (self.left_over.unpublished, self.names.making(), "a set that is being made or going away"),
            (self.left_over.replaced, self.names.replaced(), "the set that is being replaced"),
        ];
        for (there, name, what) in left_over {
            if there {
                let name = Lossy(name.to_bytes());
                write!(
                    f,
                    "\n  beside it, {name}: {what}; if nobody is at work, the next preload sees to it"
                )?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Pin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", Lossy(self.name.to_bytes()))?;
        match &self.pinned {
            Pinned::Link(link) => link.fmt(f),
            Pinned::Map(map) => map.fmt(f),
            Pinned::Missing => f.write_str("missing"),
            Pinned::Foreign => f.write_str("not of this preload"),
            Pinned::Unreadable(error) => error.fmt(f),
        }
    }
}

//! Links of kinds that allow one program at a place: what is pinned there is taken over and gets the new program, since a second
//! link beside it is refused.

use super::{Attachment, Link, Program, link};
use crate::attach::is_at;
use crate::error::{Call, Error, Step};
use crate::path::AsPath;
use crate::plan::{Attach, Attachment as PlannedAttachment, Place, ProgramPlan};
use crate::sys::{Errno, Fd, link as sys};

/// A link that has got a new program, and the one it had before.
#[derive(Debug)]
#[must_use = "dropping it keeps the new program, and the link if it is pinned"]
pub struct TakenOver {
    link: Link,
    new: Fd,
    old: Fd,
}

impl TakenOver {
    /// The link, with the new program.
    pub fn into_link(self) -> Link {
        self.link
    }

    /// The link, with the program that it had before: the new one is taken out again.
    ///
    /// # Errors
    ///
    /// `EPERM` when someone else has put another program in meanwhile; `ENOLINK` when what the link was attached to is gone.
    pub fn undo(self) -> Result<Link, Error> {
        match sys::update(&self.link.fd, &self.old, Some(&self.new)) {
            Ok(()) => Ok(self.link),
            Err(errno) => {
                Err(Error::system(Step::Update, Call::LinkUpdate, errno).with_item(self.link.name()))
            }
        }
    }
}

impl ProgramPlan {
    /// Whether no second program of this kind can be attached at the same place: XDP, flow dissectors, maps of sockets, and
    /// netfilter hooks at one priority. The links of all but the last can get another program.
    pub fn is_exclusive(&self) -> bool {
        /// `BPF_SK_SKB_STREAM_PARSER`, `BPF_SK_SKB_STREAM_VERDICT`, `BPF_SK_MSG_VERDICT`, `BPF_FLOW_DISSECTOR`, `BPF_XDP`,
        /// `BPF_SK_SKB_VERDICT`, `BPF_NETFILTER`.
        const EXCLUSIVE: [u32; 7] = [4, 5, 7, 17, 37, 38, 45];
        let attach_type = match &self.attach {
            // Those in `sk_skb` are for any hook of a map.
            Some(PlannedAttachment { to: Attach::To(Place::SockMap { attach_type, .. }), .. }) => {
                *attach_type
            }
            _ => self.attach_type,
        };
        EXCLUSIVE.contains(&attach_type)
    }
}

impl Program {
    /// Takes over the link that is pinned at a path, and puts this program in the place of the one that it has (5.7 and later, by
    /// kind): in one step, so that no event passes unseen. The program that was there is kept, for [`TakenOver::undo`].
    ///
    /// Nothing comes of it when the link is not attached to the interface that the attribute's settings name, or to nothing any
    /// more: then this program is attached as if there were no such link.
    ///
    /// # Errors
    ///
    /// As those of [`open_link`](Self::open_link) and [`Link::update`].
    pub fn take_over(&self, path: impl AsPath) -> Result<Option<TakenOver>, Error> {
        let link = link::open(self.plan(), &path)?;
        let failed = |call, errno| Error::system(Step::Update, call, errno).with_item(self.name());
        let info = link.info()?;
        let is_gone = matches!(
            info.attachment,
            Attachment::Xdp { interface: 0 }
                | Attachment::Netns { inode: 0, .. }
                | Attachment::Sockmap { map_id: 0, .. }
        );
        if is_gone || !is_at(self.plan(), &info.attachment)? {
            return Ok(None);
        }
        let old = sys::program_by_id(info.program_id).map_err(|errno| failed(Call::ProgGetFdById, errno))?;
        let new = self.loaded(Step::Update)?.duplicate().map_err(|errno| failed(Call::Fcntl, errno))?;
        match sys::update(&link.fd, &new, Some(&old)) {
            Ok(()) => Ok(Some(TakenOver { link, new, old })),
            Err(Errno::ENOLINK) => Ok(None),
            Err(errno) => Err(failed(Call::LinkUpdate, errno)),
        }
    }
}
